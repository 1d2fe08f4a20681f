using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Copilot.Tests.Architecture;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Hosting.Proxies;

/// <summary>
/// A proxy of this machine with the lines of <c>docs/deployment.md</c>; only ports, certificate and folders are others. It goes into the
/// background once it listens.
/// </summary>
internal sealed partial class ReverseProxy : IAsyncDisposable
{
    /// <summary>The site's name in the documentation.</summary>
    public const string Host = "copilot.example.org";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copilot-proxy-");
    private readonly int _port = LocalPort.Free();
    private readonly X509Certificate2 _certificate;

    private ReverseProxy()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(In("site.crt"), _certificate.ExportCertificatePem());
        File.WriteAllText(In("site.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(In("site.pem"), _certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The site as people open it.</summary>
    public static Uri Site { get; } = new($"https://{Host}/");

    /// <summary>Starts one in front of a server. Skips the test, with a sentence, where the program is not installed.</summary>
    /// <param name="name">The program: <c>nginx</c>, <c>caddy</c> or <c>haproxy</c>.</param>
    /// <param name="server">Where it passes requests on to.</param>
    public static async Task<ReverseProxy> StartAsync(string name, Uri server)
    {
        var program = Array.Find([$"/usr/sbin/{name}", $"/usr/bin/{name}", $"/usr/local/sbin/{name}", $"/usr/local/bin/{name}"], File.Exists);
        Assert.SkipWhen(program is null, $"{name} is not installed.");
        var proxy = new ReverseProxy();
        try
        {
            await proxy.StartAsync(name, program!, server.Authority);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects to it, whatever name is asked for, and trusts its certificate alone.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        CookieContainer = new CookieContainer(),
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == _certificate.GetCertHashString() },
    };

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(In("pid")))
        {
            using var process = Process.GetProcessById(int.Parse((await File.ReadAllTextAsync(In("pid"))).Trim(), CultureInfo.InvariantCulture));
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().Soon("the proxy ends");
        }

        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(string name, string program, string server)
    {
        var lines = Documented(name).Replace("127.0.0.1:8080", server, StringComparison.Ordinal);
        var (settings, command) = name switch
        {
            "nginx" => (Nginx(lines), $"{program} -p {_folder.FullName} -c {In("settings")}"),
            "caddy" => (Caddy(lines), $"{program} start --config {In("settings")} --adapter caddyfile --pidfile {In("pid")}"),
            _ => (HaProxy(lines), $"{program} -D -f {In("settings")} -p {In("pid")}"),
        };
        await File.WriteAllTextAsync(In("settings"), settings);
        // What it says goes to a file: a pipe would stay open for as long as it runs.
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {command} >{In("output")} 2>&1 </dev/null"]) { WorkingDirectory = _folder.FullName };
        start.Environment["HOME"] = start.Environment["XDG_DATA_HOME"] = start.Environment["XDG_CONFIG_HOME"] = _folder.FullName;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().Soon($"{name} listens");
        Assert.True(process.ExitCode == 0, await File.ReadAllTextAsync(In("output")));
    }

    // It compresses everything, event streams too, as an administrator may have set it for all sites.
    private string Nginx(string lines) =>
        $$"""
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        pid {{In("pid")}};
        error_log {{In("error.log")}};
        events {}
        http {
          access_log off;
          client_body_temp_path {{In("t1")}}; proxy_temp_path {{In("t2")}}; fastcgi_temp_path {{In("t3")}}; uwsgi_temp_path {{In("t4")}}; scgi_temp_path {{In("t5")}};
          gzip on; gzip_types text/event-stream application/json; gzip_proxied any; gzip_min_length 0;
          {{Put(Put(Put(lines, "listen 443 ssl", $"listen 127.0.0.1:{_port} ssl"), $"/etc/ssl/{Host}.crt", In("site.crt")), $"/etc/ssl/{Host}.key", In("site.key"))}}
        }
        """;

    private string Caddy(string lines) =>
        "{\n\tadmin off\n\tauto_https off\n}\n"
        + Put(lines, $"{Host} {{", $"https://{Host}:{_port} {{\n\tbind 127.0.0.1\n\ttls {In("site.crt")} {In("site.key")}");

    private string HaProxy(string lines) =>
        Put(Put(lines, "bind :443", $"bind 127.0.0.1:{_port}"), $"/etc/ssl/{Host}.pem", In("site.pem"));

    private static string Put(string lines, string documented, string here)
    {
        Assert.Contains(documented, lines, StringComparison.Ordinal);
        return lines.Replace(documented, here, StringComparison.Ordinal);
    }

    private static string Documented(string name)
    {
        var block = Block().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "deployment.md")))
            .Single(block => block.Groups["language"].Value == name);
        return block.Groups["lines"].Value;
    }

    private string In(string file) => Path.Combine(_folder.FullName, file);

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
