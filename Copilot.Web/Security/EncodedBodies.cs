namespace Copilot.Web.Security;

/// <summary>Bodies that are sent compressed. A few bytes of one may be a gigabyte, so none is unpacked.</summary>
internal static class EncodedBodies
{
    /// <summary>What is answered.</summary>
    public const string Refused = "Send the body as it is, without Content-Encoding: compressed bodies are not taken.";

    /// <summary>Whether the body is encoded; then the response says that it may not be (RFC 7694).</summary>
    public static bool IsEncoded(this HttpRequest request)
    {
        if (request.Headers.ContentEncoding.All(encoding => string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        request.HttpContext.Response.Headers.AcceptEncoding = "identity";
        return true;
    }
}
