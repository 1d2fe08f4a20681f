using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Copilot.Web.Security.Webhooks;

/// <summary>
/// Sends webhooks, signed as <see href="https://www.standardwebhooks.com">Standard Webhooks</see> describes. It follows no redirect, uses no
/// proxy and connects to nobody whom the settings close, whatever a name resolves to.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;

    /// <param name="allowsPrivateAddresses">Whether it may connect to this machine and to private networks.</param>
    /// <param name="time">The clock of the signatures and the time-out.</param>
    public WebhookSender(Func<bool> allowsPrivateAddresses, TimeProvider time)
    {
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = (connect, cancellationToken) => ConnectAsync(connect.DnsEndPoint, allowsPrivateAddresses(), cancellationToken),
        });
    }

    /// <summary>Sends one and gives the status of the answer.</summary>
    /// <param name="webhook">What is sent.</param>
    /// <param name="timeout">How long the other side has to answer.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="HttpRequestException">There is no answer, or the address is closed.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    /// <exception cref="TimeoutException">There was no answer in time.</exception>
    public async Task<int> SendAsync(Webhook webhook, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var tooLong = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellationToken);
        try
        {
            using var request = Request(webhook);
            using var answer = await _http.SendAsync(request, either.Token);
            return (int)answer.StatusCode;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The address has not answered in time.", exception);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new HttpRequestException("The address cannot be used.", exception);
        }
    }

    /// <summary>Whether an exception of <see cref="SendAsync"/> is the other side's: another try may succeed.</summary>
    public static bool IsTheirs(Exception exception) => exception is HttpRequestException or IOException or TimeoutException;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(Webhook webhook)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{webhook.Id}.{timestamp}."), .. webhook.Body.Span];
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(webhook.Secret), signed));
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ReadOnlyMemoryContent(webhook.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Copilot");
        request.Headers.TryAddWithoutValidation("webhook-id", webhook.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", "v1," + signature);
        return request;
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowsPrivate, CancellationToken cancellationToken)
    {
        // Checked at the connection itself: between a check and a second look-up the name could lead elsewhere.
        var addresses = (await Dns.GetHostAddressesAsync(host.Host, cancellationToken)).Where(address => allowsPrivate || WebhookAddress.IsPublic(address)).ToArray();
        if (addresses.Length == 0)
        {
            throw new HttpRequestException("The address is not a public one.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
