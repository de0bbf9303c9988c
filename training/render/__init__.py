"""Rendered streets: demo footage and exact truth, made by our own code (`make render-setup`, a tool for building only).

What a rendered clip proves is logic: zones, dwell, occlusion, merging. It says nothing about accuracy on real streets.
"""
