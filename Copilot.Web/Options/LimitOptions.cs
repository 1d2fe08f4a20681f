using Copilot.Domain.Settings;

namespace Copilot.Web.Options;

/// <summary>
/// How much one address, person or API key may ask for; a person's limit is for all their keys together. Whoever is over a limit is
/// answered with 429 and told when to try again; others do not notice, unless a limit is of all people together. Addresses are those of the
/// browsers only if <c>Site:KnownProxies</c> names the proxy in front. Bound from <c>Limits</c>.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>Pages that may be open at once, of all people together. A page takes about a quarter of a megabyte. Default: 2,000.</summary>
    [AtLeast(1)]
    public int Circuits { get; set; } = 2_000;

    /// <summary>Pages that one person may have open at once. Lost ones count until they are given up. Default: 100.</summary>
    [AtLeast(1)]
    public int CircuitsPerPerson { get; set; } = 100;

    /// <summary>Forms that one address may post in a minute without a sign-in: sign-in, setup, invitations. Default: 120.</summary>
    [AtLeast(1)]
    public int FormsPerAddress { get; set; } = 120;

    /// <summary>Passwords that are checked at once, of all people together; each takes a processor for about a tenth of a second. Default: 2.</summary>
    [AtLeast(1)]
    public int PasswordChecks { get; set; } = 2;

    /// <summary>Sign-ins that may wait for their password to be checked, of all people together. Default: 100.</summary>
    [AtLeast(1)]
    public int WaitingPasswordChecks { get; set; } = 100;

    /// <summary>API keys that do not work, from one address in a minute. Keys that work are not counted. Default: 120.</summary>
    [AtLeast(1)]
    public int WrongKeysPerAddress { get; set; } = 120;

    /// <summary>Runs that one person may start by the API in a minute. Default: 1,200.</summary>
    [AtLeast(1)]
    public int RunsPerPerson { get; set; } = 1_200;

    /// <summary>Runs that one API key may start in a minute, so that it leaves the other keys of its owner some. Default: 600.</summary>
    [AtLeast(1)]
    public int RunsPerKey { get; set; } = 600;

    /// <summary>Files that one person may upload in a minute. Default: 600.</summary>
    [AtLeast(1)]
    public int UploadsPerPerson { get; set; } = 600;

    /// <summary>Files that one API key may upload in a minute. Default: 300.</summary>
    [AtLeast(1)]
    public int UploadsPerKey { get; set; } = 300;

    /// <summary>Event streams of the API that one person may have open at once. Default: 200.</summary>
    [AtLeast(1)]
    public int StreamsPerPerson { get; set; } = 200;

    /// <summary>Event streams that one API key may have open at once. Default: 100.</summary>
    [AtLeast(1)]
    public int StreamsPerKey { get; set; } = 100;

    /// <summary>
    /// Downloads that are made or fetched while they are sent, of one person at once: their data, a list of runs, a file that the provider's
    /// code has made. Default: 8.
    /// </summary>
    [AtLeast(1)]
    public int DownloadsPerPerson { get; set; } = 8;

    /// <summary>Preparations for a message that is being written, of one person in a minute; those beyond are left out. Default: 60.</summary>
    [AtLeast(1)]
    public int PreparationsPerPerson { get; set; } = 60;

    /// <summary>Comments on runs that one person may write, edit, delete, resolve or reopen in a minute, on pages and by the API. Default: 120.</summary>
    [AtLeast(1)]
    public int CommentsPerPerson { get; set; } = 120;

    /// <summary>
    /// Size in bytes of an exported file that a supervisor or admin may open to look at it. While it is open it takes about three times as
    /// much memory. Default: 64 MiB.
    /// </summary>
    [AtLeast(1)]
    public long ImportBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Bytes of such files that may be open at once, of all people together. Default: 256 MiB.</summary>
    [AtLeast(1)]
    public long ImportBytesTogether { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// Space in bytes that must be free on the disks of the database and the files. With less, new runs are answered with 503 and uploads
    /// with 507, while runs in progress go on. 0 does not look. Default: 200 MiB.
    /// </summary>
    [AtLeast(0)]
    public long MinFreeBytes { get; set; } = 200L * 1024 * 1024;
}
