# Evenbook as a container: the package in an environment of its own, run by a user who owns nothing else.
FROM python:3.11-slim AS built
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY requirements/runtime.txt requirements/
COPY src src
RUN python -m venv /opt/evenbook \
 && /opt/evenbook/bin/pip install --no-cache-dir --requirement requirements/runtime.txt \
 && /opt/evenbook/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin evenbook \
 && chmod 700 /data
COPY --from=built /opt/evenbook /opt/evenbook
ENV PATH=/opt/evenbook/bin:$PATH EVENBOOK_HOME=/data PYTHONUNBUFFERED=1 EVENBOOK_LOG=json
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["evenbook"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
