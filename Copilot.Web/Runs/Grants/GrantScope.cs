namespace Copilot.Web.Runs.Grants;

/// <summary>Where a standing permission counts.</summary>
public enum GrantScope
{
    /// <summary>In one conversation.</summary>
    Session,

    /// <summary>In all conversations of the person with one agent.</summary>
    Agent,
}
