"""boto3 judges an S3 server: importing each module runs its checks. INTEROP_SERVER holds the server as JSON."""

import buckets  # noqa: F401
import objects  # noqa: F401
import listing  # noqa: F401
import ranges  # noqa: F401
import conditions  # noqa: F401
import copies  # noqa: F401
import presigned  # noqa: F401
import identity  # noqa: F401
import integrity  # noqa: F401
import keys  # noqa: F401
import transfers  # noqa: F401
import states  # noqa: F401
