namespace Copilot.Web.Supervision;

/// <summary>Somebody who looks at a run.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Name">The name shown to others.</param>
/// <param name="Role">Their role then.</param>
/// <param name="JoinedAt">Since when (UTC).</param>
public sealed record RunWatcher(string UserId, string Name, string Role, DateTimeOffset JoinedAt);
