namespace Copilot.Web.Identity.Administration;

/// <summary>Who changes people or keys, and from where. The audit keeps it as it was at that time.</summary>
/// <param name="UserId">The person; null for a command, whose right is that of the machine's account.</param>
/// <param name="Name">Name of the person, or of the machine's account.</param>
/// <param name="Origin">Network address of the page, or the machine of the command.</param>
internal sealed record ChangedBy(string? UserId, string Name, string Origin)
{
    /// <summary>The API key that the change was made with; null for a page and a command.</summary>
    public string? KeyId { get; init; }

    /// <summary>A command: who can write the database needs no further right.</summary>
    public static ChangedBy CommandLine { get; } = new(null, Environment.UserName, $"command on {Environment.MachineName}");
}
