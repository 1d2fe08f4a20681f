using Microsoft.AspNetCore.Identity;

namespace Copilot.Web.Identity;

/// <summary>A person who signs in.</summary>
public sealed class CopilotUser : IdentityUser
{
    /// <summary>Name shown to others.</summary>
    public required string DisplayName { get; set; }

    /// <summary>The team whose supervisors see this person's runs.</summary>
    public required string TeamId { get; set; }

    /// <summary>IANA time zone of the person's browser; every day and hour shown to them uses it. Null until a browser has sent it.</summary>
    public string? TimeZone { get; set; }
}

/// <summary>The three roles.</summary>
public static class Roles
{
    /// <summary>Sees and controls their own runs.</summary>
    public const string Staff = "Staff";

    /// <summary>Also sees and controls their team's runs.</summary>
    public const string Supervisor = "Supervisor";

    /// <summary>Sees and controls all.</summary>
    public const string Admin = "Admin";
}
