namespace Copilot.Tests.Architecture;

/// <summary>Shows that the checker of the rooms finds what it looks for.</summary>
public sealed class RoomCheckTests
{
    private const string BadRoom = "Copilot.Tests.Architecture.BadRoom";

    private static readonly Lazy<IReadOnlySet<TypeUse>> s_uses = new(() => TypeUse.ReadAll(typeof(RoomCheckTests).Assembly));

    [Fact]
    public void Check_BadRoom_FindsEveryUse()
    {
        var room = new Room(BadRoom, May: null, Never: ["System.Net.WebSockets"], But: []);

        var guilty = room.Check(s_uses.Value).Select(line => line[(BadRoom.Length + 1)..].Split(' ')[0]).Distinct();

        Assert.Equal(
            [
                "AsATypeArgumentOfACall", "AsAnArgumentOfATypeOfATypeArgument", "IInAConstraint`1", "InABase", "InACatch",
                "InAField", "InAnAsyncLambda", "InTheMiddleOfAMethod",
            ],
            guilty);
    }

    [Fact]
    public void Check_Exception_LetsOneTypePass()
    {
        var room = new Room(BadRoom, May: null, Never: ["System.Net.WebSockets"], But: ["System.Net.WebSockets.ClientWebSocket"]);

        Assert.DoesNotContain(room.Check(s_uses.Value), line => line.Contains("InAField", StringComparison.Ordinal));
        Assert.Contains($"{BadRoom}.InACatch uses System.Net.WebSockets.WebSocketException", room.Check(s_uses.Value));
    }

    [Fact]
    public void Check_ListOfWhatItMay_RefusesAllElse()
    {
        var room = new Room(BadRoom, May: ["System.Object", "System.Runtime", "System.Collections"], Never: [], But: []);

        Assert.Contains($"{BadRoom}.Innocent uses System.Linq.Enumerable", room.Check(s_uses.Value));
    }

    [Fact]
    public void Check_NameThatOnlyBeginsTheSame_IsAnotherRoom()
    {
        var room = new Room("Copilot.Tests.Architecture.Bad", May: [], Never: [], But: []);

        Assert.Empty(room.Check(s_uses.Value));
    }
}
