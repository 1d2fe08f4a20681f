using Microsoft.AspNetCore.Http;

namespace Copilot.Tests.Shared.Upstream;

/// <summary>The head of a request, kept beyond the request itself.</summary>
internal sealed record RequestHead(string Path, string Query, IHeaderDictionary Headers)
{
    /// <summary>GET, POST, …</summary>
    public string Method { get; init; } = "";

    /// <summary>The client's port: which of its sockets it came over.</summary>
    public int RemotePort { get; init; }

    /// <summary>Copies it while the request is alive.</summary>
    public static RequestHead Of(HttpRequest request)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers)
        {
            headers[name] = value;
        }

        return new RequestHead(request.Path.Value ?? "", request.QueryString.Value ?? "", headers) { Method = request.Method, RemotePort = request.HttpContext.Connection.RemotePort };
    }
}
