using Copilot.Web.Components.Supervision;

namespace Copilot.Tests.Components.Supervision;

/// <summary>Rows that keep their places under the pointer.</summary>
public sealed class StillRowsTests
{
    private readonly StillRows<string> _rows = new(row => row[..1]);

    [Fact]
    public void Set_WhileNobodyPoints_TakesTheNewOrder()
    {
        _rows.Set(["a", "b", "c"]);
        _rows.Set(["c", "a"]);

        Assert.Equal(["c", "a"], _rows.Shown);
    }

    [Fact]
    public void Set_WhileHeld_KeepsPlacesAndPutsNewRowsLast()
    {
        _rows.Set(["a", "b", "c"]);
        _rows.Hold(true);
        _rows.Set(["d", "c!", "a"]);

        Assert.Equal(["a", "b", "c!", "d"], _rows.Shown);
        Assert.Equal(["b"], _rows.Shown.Where(_rows.IsGone));
    }

    [Fact]
    public void Set_WhileHeldAndARowComesBack_IsThereAtItsPlace()
    {
        _rows.Set(["a", "b"]);
        _rows.Hold(true);
        _rows.Set(["b"]);
        _rows.Set(["b", "a!"]);

        Assert.Equal(["a!", "b"], _rows.Shown);
        Assert.DoesNotContain(_rows.Shown, _rows.IsGone);
    }

    [Fact]
    public void Hold_LetGo_RenewsTheOrder()
    {
        _rows.Set(["a", "b"]);
        _rows.Hold(true);
        _rows.Set(["c", "b"]);
        _rows.Hold(false);

        Assert.Equal(["c", "b"], _rows.Shown);
    }
}
