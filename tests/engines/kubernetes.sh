# Kubernetes: no cluster here, so its file is held against the types of the API.
script kubernetes
"$python" "$here/kubernetes_file.py" kubernetes.sh
echo "kubernetes: the file is a Job of batch/v1"
