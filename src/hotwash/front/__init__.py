"""The front: what `import hotwash` offers. Values or paths in, values out; nothing is written."""
