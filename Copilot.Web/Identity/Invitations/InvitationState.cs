namespace Copilot.Web.Identity.Invitations;

/// <summary>Whether a link can be used.</summary>
internal enum InvitationState
{
    /// <summary>It can.</summary>
    Open,

    /// <summary>No invitation has this token, or it was withdrawn.</summary>
    Unknown,

    /// <summary>Somebody has accepted it.</summary>
    Used,

    /// <summary>Its time is over.</summary>
    Expired,
}
