using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;

namespace Copilot.Tests.Hosting;

/// <summary>Clients that go in the middle of an answer or of what they send: everyday, and nobody's error.</summary>
public sealed class ClientGoneTests
{
    [Fact]
    public async Task Client_GoesInTheMiddle_LeavesNoWarning()
    {
        await using var host = await WholeHost.StartAsync("--Demo:TokensPerSecond=1");
        using var client = host.Client();
        client.DefaultRequestHeaders.Add("Authorization", "Bearer demo-key");
        using var uploaded = await client.PostAsync("/api/files?name=a.bin", new ByteArrayContent(new byte[16 * 1024 * 1024]));
        var file = (await uploaded.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var started = await client.PostAsJsonAsync("/api/runs", new { input = "Show me Markdown" });
        var run = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString();
        const string Key = "Authorization: Bearer demo-key";
        var cookie = $"Cookie: {await host.SignInAsync("staff1")}\r\nOrigin: {host.Address.GetLeftPart(UriPartial.Authority)}";
        const string Json = "Content-Type: application/json\r\nContent-Length: 1000";
        (string Line, string Headers, string Body)[] requests =
        [
            ($"GET /api/files/{file}/content", Key, ""),
            ($"GET /files/{file}", cookie, ""),
            ($"GET /api/runs/{run}/events", Key, ""),
            ("POST /api/files?name=b.bin", $"{Key}\r\nContent-Length: 1000", "abc"),
            ("POST /api/files?name=b.bin", $"{Key}\r\nTransfer-Encoding: chunked", "3\r\nabc\r\n"),
            ("POST /api/files", $"{Key}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000", "--x\r\nContent-Disposition: form-data; name=a; filename=b.bin\r\n\r\nabc"),
            ("POST /files?name=b.bin", $"{cookie}\r\nContent-Length: 1000", "abc"),
            ("POST /api/runs", $"{Key}\r\n{Json}", "{\"input\":"),
            ($"POST /api/runs/{run}/cancel", $"{Key}\r\n{Json}", "{"),
            ("POST /account/signin", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000", "userName=a"),
        ];

        foreach (var (line, headers, body) in requests)
        {
            await GoAsync(host.Address, line, headers, body, byReset: false);
            await GoAsync(host.Address, line, headers, body, byReset: true);
        }

        var warnings = await host.StopAsync();
        Assert.True(warnings.Count == 0, string.Join('\n', warnings));
    }

    // Goes after the first bytes of the answer; of a request with a body that is the word that the server reads it.
    private static async Task GoAsync(Uri address, string line, string headers, string body, bool byReset)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        var expectation = body.Length > 0 ? "Expect: 100-continue\r\n" : "";
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: {address.Authority}\r\n{headers}\r\n{expectation}\r\n"));
        var answer = new byte[20];
        await socket.ReceiveAsync(answer).Soon("the answer begins");
        Assert.StartsWith(body.Length > 0 ? "HTTP/1.1 100" : "HTTP/1.1 200", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
        await socket.SendAsync(Encoding.ASCII.GetBytes(body));
        socket.LingerState = new LingerOption(byReset, seconds: 0);
    }
}
