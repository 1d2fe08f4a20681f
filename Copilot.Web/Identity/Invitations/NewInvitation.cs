namespace Copilot.Web.Identity.Invitations;

/// <summary>A new invitation. This is the only time its token is available.</summary>
/// <param name="Id">Its id (<c>inv_…</c>).</param>
/// <param name="Token">What the link carries.</param>
/// <param name="ExpiresAt">Until when it works.</param>
internal sealed record NewInvitation(string Id, string Token, DateTimeOffset ExpiresAt)
{
    /// <summary>Where the link leads, from the root of the site.</summary>
    public string Path => InvitationPath + "?token=" + Token;

    /// <summary>The page of the link.</summary>
    public const string InvitationPath = "/invitation";
}
