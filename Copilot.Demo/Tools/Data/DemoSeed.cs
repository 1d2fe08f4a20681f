using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Copilot.Demo.Tools.Data;

/// <summary>
/// Fills the sample company, always with the same rows: what looks random is arithmetic on the row's number, so that a test, a screenshot
/// and a demo on another machine have the same customers and stock.
/// </summary>
internal static class DemoSeed
{
    public static void Fill(SqliteConnection connection)
    {
        Technicians(connection);
        Parts(connection);
        for (var index = 0; index < DemoCatalog.Customers.Count; index++)
        {
            Customer(connection, index);
        }
    }

    private static void Technicians(SqliteConnection connection)
    {
        for (var index = 0; index < DemoCatalog.Technicians.Count; index++)
        {
            // Three in each area, covering every skill together.
            var round = index / DemoCompany.Areas.Count;
            var skills = DemoCompany.Skills.Where((_, skill) => skill % 3 == round || skill == (round + 1) % DemoCompany.Skills.Count);
            connection.Run(
                "INSERT INTO technicians (technician_id, number, name, skills, area) VALUES ($id, $number, $name, $skills, $area)",
                ("$id", Id("tec", index)),
                ("$number", index + 1),
                ("$name", DemoCatalog.Technicians[index]),
                ("$skills", string.Join(", ", skills)),
                ("$area", DemoCompany.Areas[index % DemoCompany.Areas.Count]));
        }
    }

    private static void Parts(SqliteConnection connection)
    {
        var number = 0;
        foreach (var line in DemoCatalog.Parts)
        {
            for (var size = 0; size < line.Sizes.Length; size++)
            {
                connection.Run(
                    "INSERT INTO parts (part_id, sku, name, skill, fits, in_stock, location, pence) VALUES ($id, $sku, $name, $skill, $fits, $stock, $location, $pence)",
                    ("$id", Id("prt", number)),
                    ("$sku", string.Create(CultureInfo.InvariantCulture, $"{line.Code}-{100 + number}")),
                    ("$name", $"{line.Name} {line.Sizes[size]}"),
                    ("$skill", line.Skill),
                    ("$fits", line.Fits),
                    ("$stock", size == 0 ? 6 + number % 9 : number * 7 % 5),
                    ("$location", string.Create(CultureInfo.InvariantCulture, $"Aisle {(char)('A' + number % 6)}, shelf {1 + number % 17}")),
                    ("$pence", line.Pence + line.Pence * size / 4));
                number++;
            }
        }
    }

    private static void Customer(SqliteConnection connection, int index)
    {
        var id = Id("cus", index);
        var name = DemoCatalog.Customers[index];
        var (city, area) = DemoCompany.Cities[index % DemoCompany.Cities.Count];
        connection.Run(
            "INSERT INTO customers (customer_id, name, city, area) VALUES ($id, $name, $city, $area)",
            ("$id", id),
            ("$name", name),
            ("$city", city),
            ("$area", area));

        var sites = 1 + index % 3;
        for (var site = 0; site < sites; site++)
        {
            connection.Run(
                "INSERT INTO sites (site_id, customer_id, name, address) VALUES ($id, $customer, $name, $address)",
                ("$id", Id("sit", index * 3 + site)),
                ("$customer", id),
                ("$name", DemoCatalog.Sites[site]),
                ("$address", string.Create(
                    CultureInfo.InvariantCulture, $"{3 + index * 7 % 90} {DemoCatalog.Streets[(index + site * 4) % DemoCatalog.Streets.Count]}, {city}")));
        }

        for (var contact = 0; contact < 2; contact++)
        {
            var person = DemoCatalog.People[(index * 2 + contact) % DemoCatalog.People.Count];
            connection.Run(
                "INSERT INTO contacts (contact_id, customer_id, name, role, phone, email) VALUES ($id, $customer, $name, $role, $phone, $email)",
                ("$id", Id("con", index * 2 + contact)),
                ("$customer", id),
                ("$name", person),
                ("$role", contact == 0 ? "Facilities manager" : "Caretaker"),

                // 01632 960000 to 960999 and example.com are reserved for fiction.
                ("$phone", string.Create(CultureInfo.InvariantCulture, $"+44 1632 960{index * 2 + contact:000}")),
                ("$email", $"{person.Split(' ')[0].ToLowerInvariant()}@{Domain(name)}.example.com"));
        }

        // The first customers own the first kinds, so that a question about Contoso's chiller finds one.
        for (var item = 0; item < 3; item++)
        {
            var number = index * 3 + item;
            var (equipment, skill) = DemoCatalog.Equipment[(index * 2 + item) % DemoCatalog.Equipment.Count];
            connection.Run(
                "INSERT INTO equipment (equipment_id, customer_id, site_id, name, skill, serial, installed) VALUES ($id, $customer, $site, $name, $skill, $serial, $installed)",
                ("$id", Id("eqp", number)),
                ("$customer", id),
                ("$site", Id("sit", index * 3 + item % sites)),
                ("$name", equipment),
                ("$skill", skill),
                ("$serial", string.Create(CultureInfo.InvariantCulture, $"SN{20_000 + number * 37}")),
                ("$installed", new DateOnly(2014, 3, 1).AddDays(number * 29).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        }
    }

    private static string Id(string prefix, int index)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}_{1001 + index}");
    }

    private static string Domain(string name)
    {
        return string.Concat(name.Where(char.IsLetter)).ToLowerInvariant();
    }
}
