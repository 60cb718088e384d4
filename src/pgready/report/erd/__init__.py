"""The entity diagram: laid out, drawn as SVG, written for Mermaid and DBML. Pure."""
