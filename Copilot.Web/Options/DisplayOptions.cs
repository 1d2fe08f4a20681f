using Copilot.Domain.Settings;

namespace Copilot.Web.Options;

/// <summary>What people are shown. Bound from <c>Display</c>.</summary>
public sealed class DisplayOptions
{
    /// <summary>Whether staff see what runs and conversations cost. Supervisors and admins always do. Default: false.</summary>
    public bool StaffSeeCosts { get; set; }

    /// <summary>
    /// Whether staff always see how full a conversation's memory is, in percent; otherwise only from 80 % on. Supervisors and admins always
    /// do. Default: false.
    /// </summary>
    public bool StaffSeeContext { get; set; }

    /// <summary>
    /// Whether the model writes the title of a new conversation after its first answer: a short request of its own over HTTP, with the
    /// beginning of question and answer, which is not stored and not counted in the conversation's cost. Conversations that start over
    /// the API are left out. Off, and where it fails, the title is the beginning of the question. Default: true.
    /// </summary>
    public bool TitlesByModel { get; set; } = true;

    /// <summary>
    /// How long a page of supervision or administration may be hidden (another tab in front, a locked screen) before its connection is
    /// given up; it is taken up again when the page is looked at. 0 keeps it. Default: 5 minutes.
    /// </summary>
    [Delay("1.00:00:00")]
    public TimeSpan PauseHiddenAfter { get; set; } = TimeSpan.FromMinutes(5);
}
