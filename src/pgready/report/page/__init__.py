"""The report page: values in, one self-contained HTML file out. Pure."""
