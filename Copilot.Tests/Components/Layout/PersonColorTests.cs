using Copilot.Web.Components.Layout;

namespace Copilot.Tests.Components.Layout;

public sealed class PersonColorTests
{
    [Fact]
    public void Of_PeopleWithTheSameInitials_Differs()
    {
        Assert.NotEqual(PersonColor.Of("Staff 1"), PersonColor.Of("Supervisor 1"));
        Assert.Equal(PersonColor.Of("Staff 1"), PersonColor.Of("Staff 1"));
        Assert.All(["", "x", "قلم", new string('w', 5000)], name => Assert.InRange(PersonColor.Of(name), 0, PersonColor.Count - 1));
    }
}
