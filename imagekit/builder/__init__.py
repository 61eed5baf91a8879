"""What a run of Image Builder does, in pure functions: no document is written here and nothing is executed.

`plan` gives the stages of a template, `origin` what a run starts from, `files` what it fetches, `steps` what a
customizer or validator does to the build machine (reading scripts with `scripts`), `sizing` the machine itself,
`numbers` the number of a new version, and `messages` what the service says. `imagekit.effects.template_run` writes the
documents a run makes.
"""
