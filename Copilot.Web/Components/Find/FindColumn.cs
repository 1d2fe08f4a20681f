namespace Copilot.Web.Components.Find;

/// <summary>A column of the list of runs that people can choose.</summary>
public enum FindColumn
{
    /// <summary>Whose run.</summary>
    Person,

    /// <summary>Their team.</summary>
    Team,

    /// <summary>The agent.</summary>
    Agent,

    /// <summary>The status.</summary>
    State,

    /// <summary>When it was created.</summary>
    Date,

    /// <summary>How long it took.</summary>
    Duration,

    /// <summary>Which tools it called.</summary>
    Tools,

    /// <summary>What it cost.</summary>
    Cost,

    /// <summary>Tokens read and written.</summary>
    Tokens,

    /// <summary>What carried it.</summary>
    Transport,

    /// <summary>The code of its error.</summary>
    Error,

    /// <summary>Whether somebody did something about it.</summary>
    Intervention,
}
