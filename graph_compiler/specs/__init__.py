"""What a plug-in declares: parameters, ports, tensors, and the specs of nodes, data sets, trainers and exporters.

Main names: `Tensor` (what flows on a wire), `Param` and its kinds (`params`), `NodeSpec` and `LayerSpec` (`nodes`),
`DatasetSpec` (`datasets`), `TrainerSpec`, `ExporterSpec`, `Refusal` (a rule says no), and `Registry`.
"""
