using System.Globalization;

namespace Copilot.Web.Security;

/// <summary>Sentences that the guards answer with.</summary>
internal static class SecurityText
{
    public const string HostInvalid = "The Host header of the request names no host.";
    public const string ForeignPage = "This came from a page of another site and was not done.";
    public const string TooLarge = "The request is too large.";
    public const string NotAPlaceForFiles = "An uploaded file is given out as a download or an image only.";

    /// <summary>A request came from a page of another address than the server was asked by.</summary>
    public static string OtherOrigin(string origin, string host) =>
        $"This came from a page of {origin}, but the server was asked as {host}, so it was not done. If both are this site, let the proxy "
        + $"pass the Host header on as it came, or set Site__PublicAddress={origin}.";

    /// <summary>The address of a request is not one of the server's.</summary>
    public static string NothingHere(string method) => $"There is nothing at this address for {method}.";

    /// <summary>Any other refusal.</summary>
    public static string Refused(int status, string reason) => $"The request was refused: {status} {reason}.";

    /// <summary>Too much was asked for.</summary>
    public static string TooMany(TimeSpan retryAfter) =>
        $"That was too much in a short time. Try again in {Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture)} seconds.";
}
