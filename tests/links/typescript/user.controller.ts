import { Controller, Get, Query } from '@nestjs/common';
import { UserService } from './user.service';
@Controller('users')
export class UserController {
  constructor(private readonly users: UserService) {}
  @Get() find(@Query('name') name: string) { return this.users.find(name); }
}
