using Copilot.Domain.Settings;

namespace Copilot.Web.Options;

/// <summary>
/// How much one address, person or key may ask for. Whoever is over a limit is answered with 429 and told when to try again; nobody
/// else notices. Addresses are those of the browsers only if <c>Site:KnownProxies</c> names the proxy in front. Bound from <c>Limits</c>.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>Pages that may be open at once, of all people together. A page takes about a quarter of a megabyte. Default: 2,000.</summary>
    [AtLeast(1)]
    public int Circuits { get; set; } = 2_000;

    /// <summary>Pages that one person may have open at once. Lost ones count until they are given up. Default: 100.</summary>
    [AtLeast(1)]
    public int CircuitsPerPerson { get; set; } = 100;
}
