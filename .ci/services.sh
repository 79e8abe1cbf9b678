# Start the databases and Redis where they are installed but down; sourced by .ci/run.
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

wait_for() {
    for _ in $(seq 1 60); do listens "$1" && return 0; sleep 0.5; done
    echo "Nothing listens on port $1." >&2
    return 1
}

start_services() {
    listens 5432 || pg_ctlcluster --skip-systemctl-redirect "$(ls /etc/postgresql | tail -n 1)" main start
    listens 3306 || start-stop-daemon --start --oknodo --background --exec /usr/sbin/mariadbd
    listens 6379 || redis-server --daemonize yes --save "" --appendonly no >/dev/null
    wait_for 5432 && wait_for 3306 && wait_for 6379
}

# Print the path of an interpreter such as python3.13: from PATH, or from a version manager where there is one.
interpreter() {
    if "$1" --version >/dev/null 2>&1; then command -v "$1"; return; fi
    if command -v pyenv >/dev/null 2>&1; then
        local version
        version=$(pyenv versions --bare | grep "^${1#python}\." | tail -n 1)
        [ -n "$version" ] && PYENV_VERSION=$version pyenv which "$1" && return
    fi
    echo "$1 is needed and was not found." >&2
    return 1
}
