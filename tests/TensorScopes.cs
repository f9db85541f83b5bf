using System.Reflection;
using TorchSharp;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace GanPipeline.TestSupport;

/// <summary>
/// Keeps the tensors that a test makes until it has ended. TorchSharp does not keep an argument alive during a call: of
/// <c>x.copy_(rand_like(x))</c> the finalizer may free the random numbers while libtorch copies them, when a test on another thread causes a
/// garbage collection, and the process dies. A scope holds what is made in it. Methods that return a task change threads, and a
/// scope belongs to one thread: they open their own.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TensorScopeAttribute : BeforeAfterTestAttribute
{
    [ThreadStatic]
    private static DisposeScope? _scope;

    public override void Before(MethodInfo methodUnderTest)
    {
        if (!typeof(Task).IsAssignableFrom(methodUnderTest.ReturnType)) _scope = torch.NewDisposeScope();
    }

    public override void After(MethodInfo methodUnderTest)
    {
        _scope?.Dispose();
        _scope = null;
    }
}

/// <summary>Collections as xUnit's own, one for each class, whose tests run in scopes.</summary>
public sealed class TensorScopes(ITestAssembly assembly, IMessageSink sink) : IXunitTestCollectionFactory
{
    private readonly CollectionPerClassTestCollectionFactory _perClass = new(assembly, sink);

    public string DisplayName => "a collection for each class, with tensor scopes";

    public ITestCollection Get(ITypeInfo testClass)
    {
        var collection = _perClass.Get(testClass);
        return collection.CollectionDefinition is null
            ? new TestCollection(assembly, Reflector.Wrap(typeof(Scoped)), collection.DisplayName)
            : collection;
    }

    [TensorScope]
    private sealed class Scoped;
}
