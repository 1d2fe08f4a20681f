namespace Copilot.Web.Supervision;

/// <summary>What a condition of a <see cref="LiveFilter"/> looks at.</summary>
public enum LiveField
{
    /// <summary>Name of the person.</summary>
    Person,

    /// <summary>Name of the team.</summary>
    Team,

    /// <summary>Name of the agent.</summary>
    Agent,

    /// <summary>A tool that works or waits for approval, by its name.</summary>
    Tool,

    /// <summary>The group (<c>needs_person</c>), the status (<c>running</c>) or a sign (<c>silent</c>).</summary>
    State,

    /// <summary><c>websocket</c> or <c>http</c>.</summary>
    Transport,

    /// <summary>Minutes since the run began: that many or more.</summary>
    Age,

    /// <summary>What it has cost, in units of the currency: so much or more.</summary>
    Cost,
}
