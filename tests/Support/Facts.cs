using Xunit;

namespace GanPipeline.TestSupport;

/// <summary>A test that needs a file or folder of the shared data, and is skipped by name where it is absent.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string relativePath)
    {
        if (!Repository.HasShared(relativePath)) Skip = "needs ../shared/" + relativePath;
    }
}

/// <summary>A theory that needs a file or folder of the shared data, and is skipped by name where it is absent.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(string relativePath)
    {
        if (!Repository.HasShared(relativePath)) Skip = "needs ../shared/" + relativePath;
    }
}

/// <summary>A test that needs a program on the PATH (a peer to compare with), and is skipped by name where it is absent.</summary>
public sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(string program, params string[] arguments)
    {
        if (!Peers.Answers(program, arguments)) Skip = "needs " + string.Join(' ', [program, .. arguments]);
    }
}

/// <summary>A theory that needs a program on the PATH, and is skipped by name where it is absent.</summary>
public sealed class PeerTheoryAttribute : TheoryAttribute
{
    public PeerTheoryAttribute(string program, params string[] arguments)
    {
        if (!Peers.Answers(program, arguments)) Skip = "needs " + string.Join(' ', [program, .. arguments]);
    }
}

/// <summary>A test of what only Unix has, such as links that anybody may make, and pipes; skipped by name on Windows.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "needs Unix";
    }
}
