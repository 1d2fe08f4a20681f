namespace Copilot.Web.Components.Layout;

/// <summary>A colour for a person, so that two with the same initials look different. Named in the style sheets as <c>person-N</c>.</summary>
internal static class PersonColor
{
    /// <summary>How many there are.</summary>
    public const int Count = 6;

    /// <summary>The person's, from 0; always the same for a name.</summary>
    public static int Of(string name)
    {
        var sum = 17;
        foreach (var letter in name)
        {
            sum = ((sum * 31) + letter) % 1_000_003;
        }

        return sum % Count;
    }
}
