namespace Copilot.Web.Security;

/// <summary>What the host of an address from outside is worth.</summary>
internal static class HostNames
{
    /// <summary>
    /// Whether the host has the form that networks know it by; true where an address has no host. Nobody can connect to one that has none,
    /// and <see cref="Uri.IdnHost"/> throws for it.
    /// </summary>
    public static bool HasUsableHost(this Uri address)
    {
        try
        {
            return address.IdnHost.Length >= 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
