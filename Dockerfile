FROM python:3.13-slim
RUN useradd --uid 10001 --create-home portal && install -d -o portal -m 0700 /data
WORKDIR /portal
COPY requirements/run.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml ./
COPY app app
COPY templates templates
COPY static static
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .
USER portal
ENV PORTAL_DATA_DIR=/data
ENTRYPOINT ["portal"]
CMD ["serve"]
