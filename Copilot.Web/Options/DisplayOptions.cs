namespace Copilot.Web.Options;

/// <summary>What people are shown. Bound from <c>Display</c>.</summary>
public sealed class DisplayOptions
{
    /// <summary>Whether staff see what runs and conversations cost. Supervisors and admins always do. Default: false.</summary>
    public bool StaffSeeCosts { get; set; }
}
