# For maintainers: write the locks anew from pyproject.toml. Needs uv. No address of any registry
# may get into them; tests/test_locks.py looks.
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-strip-extras --no-header --no-annotate --quiet pyproject.toml

lock:
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra corpus --extra dev --extra large --constraint requirements.lock --output-file requirements-dev.lock

.PHONY: lock
