from scalar_autodiff.scalar_functions import Scalar

x = Scalar(3.0)
y = x * x
y.backward()
print(x.derivative)
