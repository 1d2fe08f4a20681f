namespace Copilot.Web.Components.Live;

/// <summary>How the value of a condition is given.</summary>
public enum ConditionKind
{
    /// <summary>One of a list.</summary>
    Choice,

    /// <summary>A number that is not below zero.</summary>
    Number,

    /// <summary>A day.</summary>
    Date,
}
