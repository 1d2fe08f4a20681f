using Copilot.Web.Storage;

namespace Copilot.Web.Identity.Administration;

/// <summary>One change, as the audit has it.</summary>
/// <param name="Id">Its number: a later one is larger.</param>
/// <param name="At">When.</param>
/// <param name="Action">One of <see cref="AuditAction"/>.</param>
/// <param name="UserId">The person it was done to; null for an invitation.</param>
/// <param name="UserName">Their name at that time.</param>
/// <param name="ActorName">Who did it.</param>
/// <param name="Origin">From where.</param>
/// <param name="ObjectId">The key, sign-in or invitation that it was about.</param>
/// <param name="Before">What was there before, where that can be said in a word.</param>
/// <param name="After">What is there since.</param>
public sealed record AuditEntry(
    long Id,
    DateTimeOffset At,
    string Action,
    string? UserId,
    string UserName,
    string ActorName,
    string Origin,
    string? ObjectId,
    string? Before,
    string? After)
{
    /// <summary>From its row.</summary>
    internal static AuditEntry From(PeopleAuditRow row) => new(
        row.Id, UnixMicroseconds.ToTime(row.At), row.Action, row.UserId, row.UserName, row.ActorName, row.Origin, row.ObjectId, row.Before, row.After);
}
