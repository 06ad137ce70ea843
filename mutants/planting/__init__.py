"""The operators of planted defects: each makes a layer from a row's data. Contains no defects."""
