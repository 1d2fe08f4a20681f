using System.Text;

namespace Copilot.Demo.Upstream.Network;

/// <summary>How many bytes a request was on the wire, as far as the server can determine.</summary>
internal static class RequestSize
{
    // "name: value" and the end of its line.
    private const int LineBytes = 4;

    // " HTTP/1.1" with the blank after the method and both line ends.
    private const int RequestLineBytes = 14;

    public static int OfHead(HttpRequest request)
    {
        var bytes = request.Method.Length + request.PathBase.Value!.Length + request.Path.Value!.Length
            + request.QueryString.Value!.Length + RequestLineBytes;
        foreach (var (name, values) in request.Headers)
        {
            foreach (var value in values)
            {
                bytes += name.Length + Encoding.UTF8.GetByteCount(value ?? string.Empty) + LineBytes;
            }
        }

        return bytes;
    }
}
