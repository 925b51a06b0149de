"""The rules of the style sheet. `@token` stands for a colour of the theme, `#name#` for a small picture."""

RULES = """
QLabel { background: transparent; }
QLabel[tone="text2"] { color: @text2; } QLabel[tone="text3"] { color: @text3; }
QLabel[tone="accent"] { color: @accent; } QLabel[tone="error"] { color: @error; }
QLabel[tone="warn"] { color: @warn; } QLabel[tone="ok"] { color: @ok; }
QFrame#card { background: @card; border: 1px solid @line2; border-radius: 8px; }
QFrame#popup { background: @panel; border: 1px solid @line2; border-radius: 10px; }
*[surface="chrome"] { background: @chrome; } *[surface="panel"] { background: @panel; }
*[surface="canvas"] { background: @canvas; } *[surface="sunken"] { background: @sunken; }
QMainWindow, QDialog, QFileDialog { background: @panel; color: @text; }
QMainWindow::separator { background: @line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accent; }
QStackedWidget, QSplitter { background: transparent; }
QSplitter::handle { background: @line; }
QToolTip { background: @panel; color: @text; border: 1px solid @line2; padding: 5px 8px; }

QAbstractScrollArea { border: 0; }
QScrollArea { background: transparent; }

QToolBar { background: @chrome; border: 0; border-bottom: 1px solid @line; spacing: 4px; padding: 0 12px; }
QStatusBar { background: @chrome; color: @text2; border-top: 1px solid @line; }
QStatusBar::item { border: 0; }

QMenuBar { background: transparent; color: @text2; spacing: 0; }
QMenuBar::item { background: transparent; padding: 6px 10px; border-radius: 6px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @hover; color: @text; }
QMenu { background: @panel; color: @text; border: 1px solid @line2; padding: 6px; }
QMenu::item { padding: 6px 24px 6px 10px; border-radius: 6px; min-height: 16px; }
QMenu::item:selected { background: @hover; }
QMenu::item:disabled { color: @text3; }
QMenu::icon { padding-left: 10px; }
QMenu::separator { height: 1px; background: @line; margin: 6px 4px; }
QMenu::right-arrow { image: url(#right#); width: 12px; height: 12px; margin-right: 4px; }
QMenu::indicator { width: 12px; height: 12px; padding-left: 10px; }
QMenu::indicator:checked { image: url(#tick#); }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateTimeEdit, QKeySequenceEdit {
  background: @field; color: @text; border: 1px solid @line2; border-radius: 6px;
  selection-background-color: @accentfill; selection-color: @onfill; }
QLineEdit, QSpinBox, QDoubleSpinBox { min-height: 26px; max-height: 26px; padding: 0 8px; }
QPlainTextEdit, QTextEdit { padding: 4px 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus { border: 1px solid @accent; }
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"] { border: 1px solid @error; }
QLineEdit, QPlainTextEdit { placeholder-text-color: @text3; }
QLineEdit[frame="false"] { border: 0; background: transparent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled {
  color: @text3; background: @sunken; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: 0; background: transparent; width: 20px; }
QAbstractSpinBox::up-arrow { image: url(#up#); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url(#down#); width: 9px; height: 9px; }

QComboBox { background: @field; color: @text; border: 1px solid @line2; border-radius: 6px; min-height: 26px; max-height: 26px;
  padding: 0 0 0 9px; combobox-popup: 0; }
QComboBox:hover { border-color: @text3; }
QComboBox:focus, QComboBox:on { border: 1px solid @accent; }
QComboBox:disabled { color: @text3; background: @sunken; }
QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow { image: url(#down#); width: 12px; height: 12px; }
QComboBox QLineEdit { border: 0; padding: 0; background: transparent; min-height: 24px; max-height: 24px; }
QComboBox QAbstractItemView { background: @panel; color: @text; border: 1px solid @line2; padding: 4px; outline: 0;
  selection-background-color: @hover; selection-color: @text; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 6px; border-radius: 6px; }
QComboBox QAbstractItemView::item:selected { background: @accenttint; color: @text; }

QCheckBox, QRadioButton { color: @text; spacing: 8px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: @text3; }
QCheckBox::indicator, QAbstractItemView::indicator { width: 14px; height: 14px; border: 1px solid @line2; border-radius: 4px;
  background: @field; }
QCheckBox::indicator:hover { border-color: @text3; }
QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: @accentfill; border-color: @accentfill;
  image: url(#check#); }
QCheckBox::indicator:checked:disabled { background: @text3; border-color: @text3; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid @line2; border-radius: 8px; background: @field; }
QRadioButton::indicator:checked { border: 5px solid @accentfill; width: 6px; height: 6px; }

QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 8px; margin: 0; }
QScrollBar::handle { background: @line2; border-radius: 2px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: @text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }

QTableView, QTreeView, QListView { background: transparent; color: @text; gridline-color: @line; outline: 0; border: 0;
  selection-background-color: @accenttint; selection-color: @text; }
QTableView::item, QTreeView::item { border: 0; border-bottom: 1px solid @line; padding: 0 8px; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: @hover; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: @accenttint; color: @text; }
QHeaderView { background: transparent; }
QHeaderView::section { background: transparent; color: @text3; border: 0; border-bottom: 1px solid @line2; padding: 0 8px;
  min-height: 31px; font-size: 12px; font-weight: 500; }
QHeaderView::up-arrow { image: url(#up#); width: 9px; height: 9px; }
QHeaderView::down-arrow { image: url(#down#); width: 9px; height: 9px; }
QTableCornerButton::section { background: transparent; border: 0; }

QTabWidget::pane { border: 0; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @text2; padding: 8px 12px; border: 0; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QDockWidget { color: @text2; titlebar-close-icon: url(#close#); }
QDockWidget::title { background: @chrome; padding: 6px 16px; border-bottom: 1px solid @line; }

QSlider::groove:horizontal { height: 4px; background: @track; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accentfill; border-radius: 2px; }
QSlider:horizontal { min-height: 20px; }
QSlider::handle:horizontal { background: @card; border: 2px solid @accent; width: 12px; height: 12px; margin: -6px 0;
  border-radius: 8px; }
QSlider::handle:horizontal:hover { background: @accenttint; }
QSlider::handle:horizontal:focus { background: @accent; }
QSlider::sub-page:horizontal:disabled { background: @text3; }
QSlider::handle:horizontal:disabled { border-color: @text3; }
QProgressBar { background: @track; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; color: transparent; }
QProgressBar::chunk { background: @accentfill; border-radius: 3px; }

QDialog QPushButton { background: @card; color: @text; border: 1px solid @line2; border-radius: 6px;
  min-height: 30px; padding: 0 14px; min-width: 56px; }
QDialog QPushButton:hover { background: @hover; }
QDialog QPushButton:focus { border-color: @accent; }
QDialog QPushButton:default { background: @accentfill; color: @onfill;
  border-color: @accentfill; font-weight: 600; }
QDialog QPushButton:disabled { color: @text3; background: @sunken; }
QGroupBox { border: 1px solid @line; border-radius: 8px; margin-top: 10px; padding: 12px; color: @text; }
QGroupBox::title { subcontrol-origin: margin; left: 12px; color: @text2; }
"""
