# Sourced by mvnw and kvasir: sets JAVA_HOME to a JDK 25, or says in one line what to install.
# Looks at JAVA_HOME, then at the java on the path, then in the standard places.

is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

find_jdk25() {
  if [ -n "${JAVA_HOME:-}" ] && is_jdk25 "$JAVA_HOME"; then
    return 0
  fi
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path" 2>/dev/null)
  for home in "${on_path%/bin/javac}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/25* \
    "$HOME"/.jdks/* /opt/jdk-25* /opt/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk@25; do
    if [ -n "$home" ] && is_jdk25 "$home"; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  echo "kvasir needs a JDK 25 and found none: install one (Debian: temurin-25-jdk or openjdk-25-jdk) or set JAVA_HOME" >&2
  return 1
}

find_jdk25 || exit 1
