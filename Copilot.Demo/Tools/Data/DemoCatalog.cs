namespace Copilot.Demo.Tools.Data;

/// <summary>The sample company's names.</summary>
internal static class DemoCatalog
{
    public static IReadOnlyList<string> Customers { get; } =
    [
        "Contoso", "Fabrikam", "Northwind Traders", "Adventure Works", "Tailspin Toys", "Wide World Importers", "Litware",
        "Proseware", "Alpine Ski House", "Blue Yonder Airlines", "Coho Winery", "Fourth Coffee", "Lucerne Publishing",
        "Trey Research", "Wingtip Toys", "Woodgrove Bank", "Harbour Bakery", "St Anne's Primary School",
        "Riverside Care Home", "Old Mill Brewery", "Kestrel Hotel", "Quayside Apartments", "Greenfield Dairy",
        "Northgate Swimming Pool", "Orchard Farm Shop", "Linden Court", "Castle Street Dental", "Meadow Park Hospice",
        "Ironbridge Foundry", "Canal Street Cinema", "Hilltop Observatory", "Marlow Print Works", "Beacon Data Centre",
        "Sandstone Library", "Elm Grove Nursery", "Victoria Market Hall", "Fairview Golf Club", "Thornbury Cheese",
        "Lockside Studios", "Ashdown Pharmacy",
    ];

    public static IReadOnlyList<string> People { get; } =
    [
        "Amelia Hart", "Ben Okafor", "Chloe Patel", "Daniel Reyes", "Eleni Markou", "Farid Aziz", "Grace Lindholm",
        "Hugo Brandt", "Imani Clarke", "Jonas Weber", "Katya Novak", "Liam Doyle", "Mina Sato", "Noah Fischer",
        "Olivia Grant", "Pedro Alves", "Quinn Murray", "Rosa Bianchi", "Samir Haddad", "Tess Vermeer", "Uma Rao",
        "Victor Hansen", "Wanda Kowal", "Xavier Laurent", "Yara Costa", "Zoe Whitfield",
    ];

    public static IReadOnlyList<string> Technicians { get; } =
    [
        "Ada Mensah", "Bruno Keller", "Cara Donnelly", "Dev Sharma", "Esther Lund", "Finn Gallagher", "Gita Iyer",
        "Henrik Olsen", "Ines Moreau", "Jack Turner", "Kofi Asante", "Lena Hofmann",
    ];

    public static IReadOnlyList<string> Streets { get; } =
    [
        "Station Road", "Church Lane", "Mill Street", "Park Avenue", "Bridge Street", "Foundry Way", "Kingsway",
        "Orchard Close", "Albert Dock", "Victoria Road", "Market Square",
    ];

    public static IReadOnlyList<string> Sites { get; } = ["Head office", "Warehouse", "Plant", "Annexe"];

    public static IReadOnlyList<(string Name, string Skill)> Equipment { get; } =
    [
        ("Condensing boiler BX-24", "heating"),
        ("Water chiller KR-80", "cooling"),
        ("Ventilation unit VU-6", "ventilation"),
        ("Cold room CR-12", "cooling"),
        ("Heat pump HP-11", "heating"),
        ("Pressure booster set PB-3", "water"),
        ("Air conditioner AC-35", "cooling"),
        ("Water softener WS-20", "water"),
        ("Emergency generator EG-40", "electrical"),
        ("Gas boiler GB-60", "heating"),
        ("Switchboard SB-4", "electrical"),
    ];

    public static IReadOnlyList<PartLine> Parts { get; } =
    [
        new("CP", "Cooling pump", "cooling", "Water chiller KR-80, Cold room CR-12", 18_900, ["25-60", "32-80", "40-100"]),
        new("CM", "Compressor", "cooling", "Water chiller KR-80, Cold room CR-12, Air conditioner AC-35", 64_500, ["R32 2 kW", "R32 5 kW"]),
        new("CF", "Condenser fan", "cooling", "Water chiller KR-80, Air conditioner AC-35", 12_400, ["300 mm", "450 mm"]),
        new("EV", "Expansion valve", "cooling", "Water chiller KR-80, Cold room CR-12", 7_650, ["TX2", "TX6"]),
        new("RF", "Refrigerant bottle", "cooling", "Air conditioner AC-35, Heat pump HP-11", 9_900, ["R32 9 kg", "R290 5 kg"]),
        new("DP", "Condensate pump", "cooling", "Air conditioner AC-35, Condensing boiler BX-24", 5_450, ["10 l/h", "20 l/h"]),
        new("EC", "Evaporator coil", "cooling", "Cold room CR-12", 31_200, ["small", "large"]),
        new("DG", "Door gasket", "cooling", "Cold room CR-12", 4_200, ["2.0 m", "2.4 m"]),
        new("TC", "Temperature controller", "cooling", "Cold room CR-12, Water chiller KR-80", 8_800, ["one stage", "two stage"]),
        new("HP", "Circulation pump", "heating", "Condensing boiler BX-24, Gas boiler GB-60, Heat pump HP-11", 16_500, ["25-40", "25-60", "32-60"]),
        new("BC", "Boiler control board", "heating", "Condensing boiler BX-24, Gas boiler GB-60", 21_300, ["BX", "GB"]),
        new("IE", "Ignition electrode", "heating", "Condensing boiler BX-24, Gas boiler GB-60", 1_850, ["single", "double"]),
        new("FS", "Flame sensor", "heating", "Condensing boiler BX-24, Gas boiler GB-60", 2_400, ["short", "long"]),
        new("GV", "Gas valve", "heating", "Condensing boiler BX-24, Gas boiler GB-60", 11_900, ["1/2 inch", "3/4 inch"]),
        new("HX", "Plate heat exchanger", "heating", "Condensing boiler BX-24, Heat pump HP-11", 14_700, ["20 plates", "30 plates"]),
        new("XV", "Expansion vessel", "heating", "Condensing boiler BX-24, Gas boiler GB-60", 6_300, ["18 l", "24 l", "35 l"]),
        new("RV", "Pressure relief valve", "heating", "Condensing boiler BX-24, Gas boiler GB-60, Pressure booster set PB-3", 2_150, ["3 bar", "6 bar"]),
        new("RT", "Room thermostat", "heating", "Condensing boiler BX-24, Heat pump HP-11", 4_950, ["wired", "wireless"]),
        new("OS", "Outdoor sensor", "heating", "Heat pump HP-11, Condensing boiler BX-24", 2_700, ["NTC", "PT1000"]),
        new("MV", "Mixing valve", "heating", "Heat pump HP-11", 8_100, ["DN20", "DN25"]),
        new("FM", "Fan motor", "ventilation", "Ventilation unit VU-6", 17_600, ["0.37 kW", "0.75 kW"]),
        new("AF", "Air filter", "ventilation", "Ventilation unit VU-6", 2_900, ["M5", "F7", "F9"]),
        new("DB", "Drive belt", "ventilation", "Ventilation unit VU-6", 1_350, ["SPZ 900", "SPZ 1120"]),
        new("BR", "Bearing set", "ventilation", "Ventilation unit VU-6", 3_950, ["6204", "6206"]),
        new("DA", "Damper actuator", "ventilation", "Ventilation unit VU-6", 9_200, ["5 Nm", "10 Nm"]),
        new("SW", "Airflow switch", "ventilation", "Ventilation unit VU-6", 3_100, ["standard", "sensitive"]),
        new("BP", "Booster pump", "water", "Pressure booster set PB-3", 38_400, ["1.1 kW", "2.2 kW"]),
        new("PT", "Pressure transmitter", "water", "Pressure booster set PB-3", 7_300, ["0-6 bar", "0-10 bar"]),
        new("RS", "Softener resin", "water", "Water softener WS-20", 5_800, ["15 kg", "25 kg"]),
        new("BV", "Brine valve", "water", "Water softener WS-20", 4_650, ["1/2 inch", "3/4 inch"]),
        new("MS", "Mechanical seal", "water", "Pressure booster set PB-3, Cooling pump, Circulation pump", 3_400, ["12 mm", "16 mm", "20 mm"]),
        new("NV", "Non-return valve", "water", "Pressure booster set PB-3, Water softener WS-20", 2_250, ["DN25", "DN32"]),
        new("CT", "Contactor", "electrical", "Switchboard SB-4, Water chiller KR-80", 3_850, ["9 A", "18 A", "32 A"]),
        new("MC", "Motor protection switch", "electrical", "Switchboard SB-4", 5_150, ["4-6 A", "9-14 A"]),
        new("RC", "Run capacitor", "electrical", "Air conditioner AC-35, Ventilation unit VU-6", 1_150, ["20 uF", "35 uF"]),
        new("SB", "Starter battery", "electrical", "Emergency generator EG-40", 13_900, ["74 Ah", "95 Ah"]),
        new("FF", "Fuel filter", "electrical", "Emergency generator EG-40", 2_050, ["standard", "with separator"]),
        new("VR", "Voltage regulator", "electrical", "Emergency generator EG-40", 16_200, ["one phase", "three phase"]),
    ];

    /// <param name="Code">Prefix of the SKU.</param>
    /// <param name="Name">The part without its size.</param>
    /// <param name="Skill">The skill it belongs to.</param>
    /// <param name="Fits">The equipment it belongs to.</param>
    /// <param name="Pence">The price of the first size.</param>
    /// <param name="Sizes">One part per size.</param>
    internal sealed record PartLine(string Code, string Name, string Skill, string Fits, int Pence, string[] Sizes);
}
