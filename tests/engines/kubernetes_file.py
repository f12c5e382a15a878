"""Reads a Job as the official client does: a key that the API does not know is lost on the way, a value of a wrong
type or a key that is lacking raises."""

import json
import sys

import yaml
from kubernetes import client

with open(sys.argv[1], encoding="utf-8") as file:
    written = yaml.safe_load(file)

api = client.ApiClient()
read = api.sanitize_for_serialization(api.deserialize(json.dumps(written), "V1Job", "application/json"))
assert read == written, f"the API reads\n{json.dumps(read, indent=1)}\nof\n{json.dumps(written, indent=1)}"
assert written["spec"]["completionMode"] == "Indexed"
