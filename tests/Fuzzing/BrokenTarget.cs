namespace GanPipeline.Fuzzing;

/// <summary>Fails at two of six inputs, so that a test sees that failures are seen.</summary>
internal sealed class BrokenTarget : FuzzTarget
{
    public override string Name => "broken";

    public override bool IsAnswer(Exception e) => e is FormatException;

    public override void Read(string folder, string name, byte[] bytes)
    {
        switch (bytes[0])
        {
            case 2: Environment.FailFast("As asked."); break;
            case 3: throw new FormatException("An answer.");
            case 4: throw new InvalidOperationException("No answer.");
        }
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid() => Enumerable.Range(0, 6).Select(i => ($"{i}", new[] { (byte)i }));
}
