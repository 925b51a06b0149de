"""The Keras layer classes that mend or join layers for pictures. Each stands by itself: "Show as Python" prints it."""

from __future__ import annotations

from typing import Any


def _mending(keras: Any) -> tuple[Any, ...]:
    class Equalization(keras.layers.Equalization):
        """Keras's layer, which gives back the very tensor it was given while a network is put together."""

        def compute_output_spec(self, inputs: Any, **kwargs: Any) -> Any:
            return keras.KerasTensor(inputs.shape, dtype=self.compute_dtype)

    return (Equalization,)


def _joining(keras: Any) -> tuple[Any, ...]:
    class Together(keras.layers.Layer):
        """Changes a picture and what belongs to it in training, with one draw of one layer of Keras.

        Masks [H, W] are whole numbers and stay so, boxes [N, 4] are x, y, x, y in pixels, labels [C] one place a class. Outside
        training only `at_rest` is applied, to pictures and masks.
        """

        def __init__(self, layer: Any, at_rest: Any = None, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.layer, self.at_rest = layer, at_rest

        def build(self, images_shape: Any, masks_shape: Any = None, boxes_shape: Any = None, labels_shape: Any = None) -> None:
            self.layer.build(images_shape)

        def call(self, images: Any, masks: Any = None, boxes: Any = None, labels: Any = None, training: bool = False) -> Any:
            ops, axis = keras.ops, 1 if self.layer.data_format == "channels_first" else -1
            data = {"images": ops.cast(images, self.compute_dtype)}
            if masks is not None:
                data["segmentation_masks"] = ops.cast(ops.expand_dims(masks, axis), self.compute_dtype)
            if boxes is not None:
                data["bounding_boxes"] = {"boxes": boxes, "labels": ops.zeros_like(boxes[..., 0])}
            if labels is not None:
                data["labels"] = labels
            if training:
                data = self.layer(data, training=True)
            elif self.at_rest is not None:
                moved = ("images", "segmentation_masks")
                data = {key: self.at_rest(value) if key in moved else value for key, value in data.items()}
            made = [data["images"]]
            if masks is not None:
                first = ops.take(data["segmentation_masks"], 0, axis=axis)
                made.append(ops.cast(ops.round(first), masks.dtype))
            made += [data["bounding_boxes"]["boxes"]] if boxes is not None else []
            return [*made, *([data["labels"]] if labels is not None else [])]

        def get_config(self) -> Any:
            layers = {"layer": self.layer, "at_rest": self.at_rest}
            return {**super().get_config(), **{name: keras.saving.serialize_keras_object(x) for name, x in layers.items()}}

        @classmethod
        def from_config(cls, config: Any) -> Any:
            inner = {name: keras.saving.deserialize_keras_object(config.pop(name)) for name in ("layer", "at_rest")}
            return cls(**inner, **config)

    return (Together,)


MAKERS = (_mending, _joining)
