namespace Copilot.Web.Storage.Search;

/// <summary>What a condition of a <see cref="RunFilter"/> looks at.</summary>
public enum RunField
{
    /// <summary>Name or id of the person.</summary>
    Person,

    /// <summary>Name or id of the team.</summary>
    Team,

    /// <summary>Name of the agent.</summary>
    Agent,

    /// <summary>A tool that the model has called, by its name.</summary>
    Tool,

    /// <summary>The status, as the HTTP API names it.</summary>
    State,

    /// <summary><c>websocket</c> or <c>http</c>.</summary>
    Transport,

    /// <summary>The code of the error that it failed with, or <c>any</c>.</summary>
    Error,

    /// <summary>What it has cost, in units of the currency: so much or more.</summary>
    Cost,

    /// <summary>From its creation to its end, or until now, in seconds: so long or longer.</summary>
    Duration,

    /// <summary>Tokens read and written: so many or more.</summary>
    Tokens,

    /// <summary>The day (<c>2026-11-29</c>) or moment (RFC 3339) of its creation: then or later.</summary>
    Date,

    /// <summary>Whether somebody did something about it: <c>yes</c>.</summary>
    Intervention,

    /// <summary>How somebody has rated its answer: <c>up</c> or <c>down</c>.</summary>
    Thumbs,

    /// <summary>The kind of an alert that was raised about it, or <c>any</c>.</summary>
    Alert,

    /// <summary>Whether the person who asks has opened it: <c>yes</c> or <c>no</c>.</summary>
    Seen,

    /// <summary>Id of its session.</summary>
    Session,
}
