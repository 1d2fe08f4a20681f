namespace Copilot.Web.Audit;

/// <summary>Which entries of the access log; null for any.</summary>
/// <param name="Person">Who did it or whose it was: an id, or a part of a name.</param>
/// <param name="Action">What was done.</param>
/// <param name="ObjectId">To what: an id.</param>
/// <param name="Address">From where: the beginning of an address.</param>
/// <param name="From">From when on (inclusive).</param>
/// <param name="To">Until when (exclusive).</param>
internal sealed record AccessFilter(string? Person, string? Action, string? ObjectId, string? Address, DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>All of them.</summary>
    public static AccessFilter None { get; } = new(null, null, null, null, null, null);

    /// <summary>Reads it from an address; what is no date there is left out.</summary>
    public static AccessFilter Read(Func<string, string?> query, TimeZoneInfo zone)
    {
        return new AccessFilter(Text("person"), Text("action"), Text("object"), Text("address"), Day("from", 0), Day("to", 1));

        string? Text(string name) => query(name)?.Trim() is { Length: > 0 and <= 200 } text ? text : null;

        // A day ends where the next begins.
        DateTimeOffset? Day(string name, int more) => AuditDays.Parse(Text(name), zone, more);
    }
}
