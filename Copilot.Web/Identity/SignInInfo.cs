namespace Copilot.Web.Identity;

/// <summary>A sign-in as lists show it.</summary>
/// <param name="Id">The sign-in's id (<c>sgn_…</c>).</param>
/// <param name="CreatedAt">When the person signed in.</param>
/// <param name="LastSeenAt">When it was used last, to some minutes.</param>
/// <param name="Address">The browser's address at the sign-in, or null.</param>
/// <param name="Agent">What the browser called itself, or null. It says what it likes: show it as text.</param>
/// <param name="IsPersistent">True when the person asked to stay signed in.</param>
internal sealed record SignInInfo(
    string Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? Address, string? Agent, bool IsPersistent);
